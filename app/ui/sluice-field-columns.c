/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-field-columns.h"

#include <glib/gi18n.h>

#include "sluice-field-info.h"

/* More do not fit into a cell; the field's dialog has all. */
#define MAX_VALUES 8
#define MAX_TARGETS 4

static GtkWidget *
new_inscription (void)
{
  GtkWidget *inscription = gtk_inscription_new (NULL);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  /* A name with a hyphen in it would be another one. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_inscription_set_attributes (GTK_INSCRIPTION (inscription), attributes);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (inscription), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (inscription), 8);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (inscription), 16);

  return inscription;
}

static GtkListItemFactory *
new_factory (GCallback setup,
             GCallback bind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);

  return factory;
}

/* Two lines, the second one small */

static void
setup_lines_cb (GtkListItemFactory *factory,
                GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *first = new_inscription ();
  GtkWidget *second = new_inscription ();

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (second), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (second, "caption");
  gtk_widget_add_css_class (second, "dim-label");
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  gtk_list_item_set_child (item, box);
}

static void
show_lines (GtkListItem *item,
            const char  *first,
            const char  *second)
{
  GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *small = gtk_widget_get_next_sibling (label);

  gtk_inscription_set_text (GTK_INSCRIPTION (label), first);
  gtk_inscription_set_text (GTK_INSCRIPTION (small), second);
  gtk_widget_set_visible (small, *second != '\0');
}

static void
bind_name_cb (GtkListItemFactory *factory,
              GtkListItem        *item)
{
  SluiceFieldInfo *field = gtk_list_item_get_item (item);

  show_lines (item, sluice_field_info_get_label (field), sluice_field_info_get_name (field));
  gtk_widget_set_tooltip_text (gtk_list_item_get_child (item), sluice_field_info_get_help_text (field));
}

static void
bind_type_cb (GtkListItemFactory *factory,
              GtkListItem        *item)
{
  SluiceFieldInfo *field = gtk_list_item_get_item (item);
  g_autofree char *type = sluice_field_info_dup_type_text (field);
  g_auto(GStrv) mark_list = sluice_field_info_dup_marks (field);
  g_autofree char *marks = g_strjoinv (", ", mark_list);

  show_lines (item, type, marks);
}

/* Values, relationship, and where else the value comes from */

static gboolean
link_cb (GtkWidget  *label,
         const char *name)
{
  gtk_widget_activate_action (label, "objects.show", "s", name);

  return GDK_EVENT_STOP;
}

static void
setup_details_cb (GtkListItemFactory *factory,
                  GtkListItem        *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 8);
  g_signal_connect (label, "activate-link", G_CALLBACK (link_cb), NULL);
  gtk_list_item_set_child (item, label);
}

static char *
make_links (SluiceFieldInfo *field)
{
  const char * const *targets = sluice_field_info_get_targets (field);
  const char *relationship = sluice_field_info_get_relationship_name (field);
  g_autoptr(GString) markup = g_string_new (NULL);
  g_autofree char *escaped = NULL;

  for (guint i = 0; targets[i] != NULL && i < MAX_TARGETS; i++)
    {
      g_autofree char *link = g_markup_printf_escaped ("<a href=\"%s\">%s</a>", targets[i], targets[i]);

      g_string_append_printf (markup, "%s%s", i > 0 ? ", " : "", link);
    }
  if (g_strv_length ((char **) targets) > MAX_TARGETS)
    g_string_append (markup, ", …");

  if (relationship == NULL)
    return g_string_free_and_steal (g_steal_pointer (&markup));

  escaped = g_markup_escape_text (relationship, -1);

  return g_strdup_printf ("%s → %s", escaped, markup->str);
}

static char *
describe_values (SluiceFieldInfo *field)
{
  guint n_values = sluice_field_info_get_n_picklist (field);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n_values, MAX_VALUES); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", sluice_field_info_get_picklist (field, i)->label);
  if (n_values > MAX_VALUES)
    g_string_append (text, ", …");

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static char *
describe_origin (SluiceFieldInfo *field)
{
  const char *compound = sluice_field_info_get_compound_name (field);

  if (sluice_field_info_get_formula (field) != NULL)
    return g_strdup (sluice_field_info_get_formula (field));

  if (compound != NULL && !g_str_equal (compound, sluice_field_info_get_name (field)))
    /* Translators: the name of a field that this one is a part of */
    return g_strdup_printf (_("Part of %s"), compound);

  return g_strdup ("");
}

static void
bind_details_cb (GtkListItemFactory *factory,
                 GtkListItem        *item)
{
  SluiceFieldInfo *field = gtk_list_item_get_item (item);
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  g_autofree char *text = NULL;

  if (sluice_field_info_get_targets (field)[0] != NULL)
    {
      text = make_links (field);
      gtk_label_set_markup (label, text);
      return;
    }

  text = sluice_field_info_get_n_picklist (field) > 0 ? describe_values (field) : describe_origin (field);
  gtk_label_set_text (label, text);
}

/* Copying */

static void
setup_copy_cb (GtkListItemFactory *factory,
               GtkListItem        *item)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _("Copy API Name"));
  gtk_list_item_set_child (item, button);
}

static void
bind_copy_cb (GtkListItemFactory *factory,
              GtkListItem        *item)
{
  GtkActionable *button = GTK_ACTIONABLE (gtk_list_item_get_child (item));

  gtk_actionable_set_action_target (button, "s", sluice_field_info_get_name (gtk_list_item_get_item (item)));
  gtk_actionable_set_action_name (button, "object.copy");
}

GtkListItemFactory *
sluice_field_columns_new_name (void)
{
  return new_factory (G_CALLBACK (setup_lines_cb), G_CALLBACK (bind_name_cb));
}

GtkListItemFactory *
sluice_field_columns_new_type (void)
{
  return new_factory (G_CALLBACK (setup_lines_cb), G_CALLBACK (bind_type_cb));
}

GtkListItemFactory *
sluice_field_columns_new_details (void)
{
  return new_factory (G_CALLBACK (setup_details_cb), G_CALLBACK (bind_details_cb));
}

GtkListItemFactory *
sluice_field_columns_new_copy (void)
{
  return new_factory (G_CALLBACK (setup_copy_cb), G_CALLBACK (bind_copy_cb));
}
