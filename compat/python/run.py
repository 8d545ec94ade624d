"""Runs the tests and says how many passed and failed, as node does."""
import pathlib
import sys
import unittest

tests = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent))
result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(tests)
# A test of many parts is listed once for each part that failed.
failed = {getattr(t, 'test_case', t).id() for t, _ in result.failures + result.errors}
print(f'# pass {result.testsRun - len(failed) - len(result.skipped)}')
print(f'# fail {len(failed)}')
sys.exit(not result.wasSuccessful())
