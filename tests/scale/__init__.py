"""Many tills on one store, and many stores."""
