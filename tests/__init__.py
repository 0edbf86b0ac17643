"""The tests of the MBC workbook; they mirror the modules of the package."""
