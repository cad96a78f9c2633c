"""The product tried without accounts: what a carrier and a telephone do elsewhere is drawn on a page here."""
