"""The clinical vocabulary and judgement: pure, and knows nothing of conversations, storage or the web."""
