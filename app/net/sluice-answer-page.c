/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-answer-page.h"

#include <glib/gi18n.h>

/* One file with nothing outside it: no script, picture or font is fetched, in light and dark. */
#define PAGE \
  "<!DOCTYPE html>\n" \
  "<html dir=\"auto\"><head><meta charset=\"utf-8\">" \
  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">" \
  "<meta name=\"color-scheme\" content=\"light dark\">" \
  "<meta name=\"referrer\" content=\"no-referrer\">" \
  "<title>%s</title><style>" \
  "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto 0;padding:0 1.5rem;text-align:center;" \
  "color:#1d1d20;background:#fafafb}" \
  ".mark{font-size:2.6rem;line-height:1}.good{color:#1b6e3c}.bad{color:#a51d2d}" \
  "h1{font-size:1.5rem;margin:.8rem 0}" \
  ".hint{opacity:.8}" \
  "@media(prefers-color-scheme:dark){body{color:#f4f4f5;background:#222226}.good{color:#78e9ab}.bad{color:#ff938c}}" \
  "</style></head><body><main>" \
  "<div class=\"mark %s\" aria-hidden=\"true\">%s</div>" \
  "<h1>%s</h1><p>%s</p><p class=\"hint\">%s</p>" \
  "</main></body></html>\n"

/**
 * sluice_answer_page_new:
 * @good: whether all is well
 * @title: the heading
 * @body: what to do, in sentences
 *
 * Makes the page that the browser shows at the end of a sign-in.
 *
 * Returns: (transfer full): HTML, to be sent with `SLUICE_ANSWER_PAGE_POLICY`
 */
char *
sluice_answer_page_new (gboolean    good,
                        const char *title,
                        const char *body)
{
  g_autofree char *escaped_title = NULL;
  g_autofree char *escaped_body = NULL;
  g_autofree char *hint = NULL;

  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (body != NULL, NULL);

  escaped_title = g_markup_escape_text (title, -1);
  escaped_body = g_markup_escape_text (body, -1);
  hint = g_markup_escape_text (_("You can close this tab and go back to Sluice."), -1);

  return g_strdup_printf (PAGE, escaped_title, good ? "good" : "bad", good ? "✓" : "✗",
                          escaped_title, escaped_body, hint);
}
