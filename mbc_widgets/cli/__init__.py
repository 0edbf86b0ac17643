"""The `mbc` command: what may be asked (`commands`) and one module for each kind of answer.

Bad input of every kind ends with exit code 2, the reason on stderr and nothing on stdout. A module is imported when its
command is asked for, so `mbc --help` stays quick.
"""
