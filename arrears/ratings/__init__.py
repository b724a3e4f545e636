"""评价: what workers say of how their claim was handled, who looks at the low marks, and the figures of it."""
