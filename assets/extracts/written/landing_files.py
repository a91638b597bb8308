"""What the files are called that people write in the landing folder.

Belongs here: the names. Not here: what each may say.
"""

CARD_NAME = "card.yaml"
CORRECTIONS_NAME = "corrections.yaml"  # beside a card
IDENTIFIERS_NAME = "identifiers.yaml"  # of a source
ADDED_REGIONS = "regions.yaml"  # of the landing folder
INDICATORS_NAME = "indicators.yaml"  # of the landing folder
