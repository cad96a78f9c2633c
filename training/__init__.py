"""From data to a tuned, evaluated, promoted model. Nothing of the running product imports it."""
