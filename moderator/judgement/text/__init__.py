"""What a model makes of a text: n-grams, words, features, weights, themes, an explanation."""
