"""Follow what people decided: the site's model, learned anew, and feedback to Akismet."""
