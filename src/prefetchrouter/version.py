"""The version of the package; the npm package of the same name has the same one."""

VERSION = "0.1.0"
