#!/usr/bin/env python3
import unittest

import ratchet


class Verdict(unittest.TestCase):
    def test_up_to_three_percent_above_is_well(self):
        self.assertEqual(ratchet.verdict(1000, 1030), (True, "+3.0%"))

    def test_more_is_not(self):
        self.assertEqual(ratchet.verdict(1000, 1031), (False, "+3.1%: too many"))

    def test_less_is_well_and_asks_for_a_lower_file(self):
        is_well, word = ratchet.verdict(1000, 969)
        self.assertTrue(is_well)
        self.assertIn("lower instructions.json", word)

    def test_a_step_that_the_file_lacks_is_not_well(self):
        self.assertFalse(ratchet.verdict(None, 1)[0])


if __name__ == "__main__":
    unittest.main()
