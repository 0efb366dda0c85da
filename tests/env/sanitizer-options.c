/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Linked into the programs of a build with sanitizers where there is no /proc. */

const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "detect_leaks=0";
}
