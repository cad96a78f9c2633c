"""The interview by text messages: with digits as answers, or by a link to the chat that says nothing of health."""
