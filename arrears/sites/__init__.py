"""Sites and employers: one page each with everything their claims say, and intake that starts from a site."""
