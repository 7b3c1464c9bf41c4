"""Pictures that must not be shown. The only writer of takedowns."""
