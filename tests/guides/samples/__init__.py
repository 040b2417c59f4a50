"""What somebody who follows a guide writes: each file is put where its guide says."""
