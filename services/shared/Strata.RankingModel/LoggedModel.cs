using System.Runtime.InteropServices;

namespace Strata.RankingModel;

/// <summary>
/// A model as an impression carries it: for the one context of its slate, so that scores can be taken apart without the policy.
/// </summary>
public static class LoggedModel
{
    /// <summary>μ, 1/√(σ² + 10⁻⁴) and weights of a context: 3 × features × 4 bytes.</summary>
    public static byte[] Encode(LinearModel model, int context)
    {
        ArgumentNullException.ThrowIfNull(model);
        var values = new float[3 * model.Features];
        model.WriteTo(context, values);
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    /// <summary>
    /// What each raw feature added to the score: clip((f − μ) · scale, −5, 5) · weight. False when the bytes are no model of so many
    /// features.
    /// </summary>
    public static bool TryContributions(ReadOnlySpan<byte> model, ReadOnlySpan<float> raw, Span<double> contributions)
    {
        if (model.Length != 3 * sizeof(float) * raw.Length || contributions.Length < raw.Length)
        {
            return false;
        }

        var values = MemoryMarshal.Cast<byte, float>(model);
        for (var f = 0; f < raw.Length; f++)
        {
            var x = Math.Clamp((raw[f] - values[f]) * values[raw.Length + f], -LinearModel.Limit, LinearModel.Limit);
            contributions[f] = x * (double)values[(2 * raw.Length) + f];
        }

        return true;
    }
}
