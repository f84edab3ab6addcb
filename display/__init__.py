"""From records to what a screen shows: plain values that forms, lists and widgets draw. Nothing is stored here."""
