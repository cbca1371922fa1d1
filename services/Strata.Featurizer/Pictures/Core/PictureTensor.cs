namespace Strata.Featurizer.Pictures.Core;

/// <summary>From pixels to the numbers that an encoder wants. Pure.</summary>
internal static class PictureTensor
{
    private const int Channels = 3;

    /// <summary>
    /// [1, 3, side, side]: (value − mean) / deviation of each pixel, values from 0 to 255, one plane a channel, in the order of
    /// <paramref name="order"/>.
    /// </summary>
    /// <param name="pixels">RGBA bytes, row by row.</param>
    /// <param name="order">Channels of the planes, "RGB" or "BGR".</param>
    /// <param name="mean">Mean of red, green and blue.</param>
    /// <param name="deviation">Standard deviation of red, green and blue.</param>
    public static float[] Of(ReadOnlySpan<byte> pixels, string order, IReadOnlyList<float> mean, IReadOnlyList<float> deviation)
    {
        var places = pixels.Length / 4;
        var tensor = new float[Channels * places];
        for (var plane = 0; plane < Channels; plane++)
        {
            var channel = "RGB".IndexOf(order[plane], StringComparison.Ordinal);
            var (shift, scale) = (mean[channel], 1 / deviation[channel]);
            for (var place = 0; place < places; place++)
            {
                tensor[(plane * places) + place] = (pixels[(place * 4) + channel] - shift) * scale;
            }
        }

        return tensor;
    }
}
