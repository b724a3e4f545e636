"""Handing part of a claim to partner bodies, beyond the moves themselves (arrears.referrals):

- `frozen` what was shared, as it stood, and its fingerprint; `supplements` what was shared later
- `disputes` what may be put to an arbiter, and what a ruling needs
- `answering` who answers for a body: its own people, somebody with a link and a code (`links`), or a paper
- `watermarks` the copies of evidence that leave the house; `figures` how fast bodies answer; `chasing` 催办
"""
