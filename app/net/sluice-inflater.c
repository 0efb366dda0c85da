/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-inflater.h"

struct _SluiceInflater
{
  GObject parent_instance;

  GConverter *zlib;
  gboolean complete;
};

static void sluice_inflater_iface_init (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceInflater, sluice_inflater, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, sluice_inflater_iface_init))

static GConverterResult
finish (gsize             inbuf_size,
        GConverterFlags   flags,
        GError          **error)
{
  if (inbuf_size > 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "There is more after the end of the data");
  else if ((flags & G_CONVERTER_INPUT_AT_END) == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The end of the input is to come");
  else
    return G_CONVERTER_FINISHED;

  return G_CONVERTER_ERROR;
}

static GConverterResult
sluice_inflater_convert (GConverter       *converter,
                         const void       *inbuf,
                         gsize             inbuf_size,
                         void             *outbuf,
                         gsize             outbuf_size,
                         GConverterFlags   flags,
                         gsize            *bytes_read,
                         gsize            *bytes_written,
                         GError          **error)
{
  SluiceInflater *self = SLUICE_INFLATER (converter);
  GConverterResult result;

  *bytes_read = 0;
  *bytes_written = 0;

  if (self->complete)
    return finish (inbuf_size, flags, error);

  result = g_converter_convert (self->zlib, inbuf, inbuf_size, outbuf, outbuf_size, flags,
                                bytes_read, bytes_written, error);

  if (result != G_CONVERTER_FINISHED)
    return result;

  self->complete = TRUE;

  return G_CONVERTER_CONVERTED;
}

static void
sluice_inflater_reset (GConverter *converter)
{
  SluiceInflater *self = SLUICE_INFLATER (converter);

  self->complete = FALSE;
  g_converter_reset (self->zlib);
}

static void
sluice_inflater_iface_init (GConverterIface *iface)
{
  iface->convert = sluice_inflater_convert;
  iface->reset = sluice_inflater_reset;
}

static void
sluice_inflater_finalize (GObject *object)
{
  g_clear_object (&SLUICE_INFLATER (object)->zlib);

  G_OBJECT_CLASS (sluice_inflater_parent_class)->finalize (object);
}

static void
sluice_inflater_class_init (SluiceInflaterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_inflater_finalize;
}

static void
sluice_inflater_init (SluiceInflater *self)
{
  self->zlib = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

/**
 * sluice_inflater_new:
 *
 * Returns: (transfer full): a converter from gzip
 */
GConverter *
sluice_inflater_new (void)
{
  return g_object_new (SLUICE_TYPE_INFLATER, NULL);
}
