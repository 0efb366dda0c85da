/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-import-target-page"

#include "config.h"

#include "sluice-import-target-page.h"

#include <glib/gi18n.h>

/**
 * SluiceImportTargetPage:
 *
 * Chooses the object of an import and what is done with its records.
 *
 * Signal `next`: the user goes on.
 */
struct _SluiceImportTargetPage
{
  AdwNavigationPage parent_instance;

  char *guess;             /* (nullable): an object that is chosen when the user can import to it */
  GCancellable *cancellable;
  GListModel *objects;     /* (nullable), of SluiceObjectInfo */
  GtkFilterListModel *shown;
  GtkFilter *filter;       /* (unowned) */

  AdwActionRow *problem_row;
  GtkButton *next_button;
  GtkCheckButton *delete_check;
  GtkCheckButton *insert_check;
  GtkCheckButton *update_check;
  GtkCheckButton *upsert_check;
  GtkDropDown *object_drop_down;
  GtkSpinner *spinner;
};

enum
{
  SIGNAL_NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceImportTargetPage, sluice_import_target_page, ADW_TYPE_NAVIGATION_PAGE)

static SluiceObjectFlags
get_needed_flags (SluiceWriteVerb verb)
{
  if (sluice_write_verb_is_delete (verb))
    return SLUICE_OBJECT_DELETABLE;

  return verb == SLUICE_WRITE_UPDATE ? SLUICE_OBJECT_UPDATEABLE : SLUICE_OBJECT_CREATEABLE;
}

static gboolean
can_import (gpointer item,
            gpointer user_data)
{
  SluiceImportTargetPage *self = user_data;

  return sluice_object_info_has (item, SLUICE_OBJECT_QUERYABLE) &&
         sluice_object_info_has (item, get_needed_flags (sluice_import_target_page_get_verb (self)));
}

/* For the list and for its search: both names. */
static char *
format_object (SluiceObjectInfo *info)
{
  const char *name = sluice_object_info_get_name (info);
  const char *label = sluice_object_info_get_label (info);

  if (label == NULL || g_str_equal (label, name))
    return g_strdup (name);

  /* Translators: the label and the API name of an object */
  return g_strdup_printf (_("%s (%s)"), label, name);
}

static void
update_next (SluiceImportTargetPage *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), sluice_import_target_page_get_object (self) != NULL);
}

static void
select_object (SluiceImportTargetPage *self,
               const char             *name)
{
  GListModel *shown = G_LIST_MODEL (self->shown);

  for (guint i = 0; name != NULL && i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr(SluiceObjectInfo) info = g_list_model_get_item (shown, i);

      if (g_ascii_strcasecmp (sluice_object_info_get_name (info), name) == 0)
        {
          gtk_drop_down_set_selected (self->object_drop_down, i);
          return;
        }
    }

  gtk_drop_down_set_selected (self->object_drop_down, GTK_INVALID_LIST_POSITION);
}

/* A file is often named after what it has: accounts.csv. */
static void
select_guess (SluiceImportTargetPage *self)
{
  g_autofree char *guess = self->guess != NULL ? g_utf8_casefold (self->guess, -1) : NULL;
  const char *found = NULL;

  for (guint i = 0; guess != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->shown)); i++)
    {
      g_autoptr(SluiceObjectInfo) info = g_list_model_get_item (G_LIST_MODEL (self->shown), i);
      const char *texts[] = {
        sluice_object_info_get_name (info),
        sluice_object_info_get_label (info),
        sluice_object_info_get_label_plural (info),
      };

      for (guint j = 0; j < G_N_ELEMENTS (texts) && found == NULL; j++)
        {
          g_autofree char *text = texts[j] != NULL ? g_utf8_casefold (texts[j], -1) : NULL;

          if (text != NULL && g_str_equal (text, guess))
            found = sluice_object_info_get_name (info);
        }
    }

  select_object (self, found);
}

static void
object_chosen_cb (SluiceImportTargetPage *self)
{
  update_next (self);
}

static void
verb_chosen_cb (SluiceImportTargetPage *self)
{
  g_autofree char *chosen = g_strdup (sluice_import_target_page_get_object (self));

  if (self->objects == NULL)
    return;

  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  if (chosen != NULL)
    select_object (self, chosen);
  update_next (self);
}

static void
show_problem (SluiceImportTargetPage *self,
              const GError           *error)
{
  gtk_widget_set_visible (GTK_WIDGET (self->problem_row), error != NULL);
  adw_action_row_set_subtitle (self->problem_row, error != NULL ? error->message : "");
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceImportTargetPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) objects = sluice_describe_cache_list_finish (SLUICE_DESCRIBE_CACHE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  gtk_spinner_stop (self->spinner);
  show_problem (self, error);
  if (objects == NULL)
    return;

  g_set_object (&self->objects, objects);
  gtk_filter_list_model_set_model (self->shown, objects);
  gtk_widget_set_sensitive (GTK_WIDGET (self->object_drop_down), TRUE);
  select_guess (self);
  update_next (self);
}

static void
next_cb (SluiceImportTargetPage *self)
{
  g_signal_emit (self, signals[SIGNAL_NEXT], 0);
}

static void
sluice_import_target_page_dispose (GObject *object)
{
  SluiceImportTargetPage *self = SLUICE_IMPORT_TARGET_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_IMPORT_TARGET_PAGE);
  g_clear_object (&self->objects);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->guess, g_free);

  G_OBJECT_CLASS (sluice_import_target_page_parent_class)->dispose (object);
}

static void
sluice_import_target_page_class_init (SluiceImportTargetPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_import_target_page_dispose;

  signals[SIGNAL_NEXT] =
    g_signal_new ("next", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-import-target-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, delete_check);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, insert_check);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, next_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, object_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, problem_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, update_check);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportTargetPage, upsert_check);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, object_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, verb_chosen_cb);
}

static void
sluice_import_target_page_init (SluiceImportTargetPage *self)
{
  g_autoptr(GtkExpression) expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                                                     G_CALLBACK (format_object), NULL, NULL);

  gtk_widget_init_template (GTK_WIDGET (self));

  self->filter = GTK_FILTER (gtk_custom_filter_new (can_import, self, NULL));
  self->shown = gtk_filter_list_model_new (NULL, self->filter);
  gtk_drop_down_set_expression (self->object_drop_down, expression);
  gtk_drop_down_set_model (self->object_drop_down, G_LIST_MODEL (self->shown));
}

/**
 * sluice_import_target_page_load:
 * @self: the page
 * @cache: what the org tells about its objects
 * @guess: (nullable): the API name or label of an object that is probably meant
 *
 * Lists the objects that the user may write to. Once is enough: the next
 * call only looks for @guess when no object is chosen.
 */
void
sluice_import_target_page_load (SluiceImportTargetPage *self,
                                SluiceDescribeCache    *cache,
                                const char             *guess)
{
  g_return_if_fail (SLUICE_IS_IMPORT_TARGET_PAGE (self));
  g_return_if_fail (SLUICE_IS_DESCRIBE_CACHE (cache));

  g_set_str (&self->guess, guess);
  if (self->objects != NULL)
    {
      if (sluice_import_target_page_get_object (self) == NULL)
        select_guess (self);
      return;
    }
  if (gtk_spinner_get_spinning (self->spinner))
    return;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  show_problem (self, NULL);
  gtk_spinner_start (self->spinner);
  sluice_describe_cache_list_async (cache, SLUICE_DESCRIBE_RECENT, self->cancellable, listed_cb, g_object_ref (self));
}

/**
 * sluice_import_target_page_get_object:
 * @self: the page
 *
 * Returns: (nullable): the API name of the object that is chosen
 */
const char *
sluice_import_target_page_get_object (SluiceImportTargetPage *self)
{
  SluiceObjectInfo *info;

  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET_PAGE (self), NULL);

  info = gtk_drop_down_get_selected_item (self->object_drop_down);

  return info != NULL ? sluice_object_info_get_name (info) : NULL;
}

/**
 * sluice_import_target_page_get_verb:
 * @self: the page
 *
 * Returns: what is done with the records
 */
SluiceWriteVerb
sluice_import_target_page_get_verb (SluiceImportTargetPage *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET_PAGE (self), SLUICE_WRITE_INSERT);

  if (gtk_check_button_get_active (self->update_check))
    return SLUICE_WRITE_UPDATE;
  if (gtk_check_button_get_active (self->upsert_check))
    return SLUICE_WRITE_UPSERT;
  if (gtk_check_button_get_active (self->delete_check))
    return SLUICE_WRITE_DELETE;

  return SLUICE_WRITE_INSERT;
}
