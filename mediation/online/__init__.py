"""网上调解室: the room page of an online hearing. Browsers talk to each other (WebRTC, each with each); the house only passes
on what they need to find each other (`signalling`), says who may be in (`doors`, `rooms`) and keeps who was (`presence`).

`table` roles and limits · `doors` who takes which seat · `links` the way in for whoever has no account · `rooms` the verbs of
the mediator · `signalling` the mailbox in Valkey · `talk` one turn of a browser · `ice` how browsers reach each other ·
`chat`, `showing`, `recording` what is written, shown and recorded · `leaves`, `leaf_drawing` a shown PDF page by page.
"""
