"""RecBole's atomic files: their headers, which files a folder holds, and which field has which role."""
