"""The page frame: layout, components, assets and how values are shown."""
