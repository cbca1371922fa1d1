using System.Numerics;

namespace Strata.Numerics;

/// <summary>
/// How many different things were added, in 4,096 bytes: HyperLogLog (Flajolet et al. 2007) on hashes of 64 bits, with the estimator of
/// Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which has no bias at small and middling counts. Standard
/// error 1.04 / √4096 = 1.6 %. To add a thing again changes nothing, and sketches unite by their larger registers.
/// </summary>
public static class DistinctCount
{
    /// <summary>Bytes of a sketch; all 0: nothing was added.</summary>
    public const int Registers = 1 << Bits;

    private const int Bits = 12;
    private const int Rest = 64 - Bits;

    /// <summary>Adds a thing.</summary>
    /// <param name="registers">The sketch.</param>
    /// <param name="hash">Its hash, all bits of which are alike.</param>
    public static void Add(Span<byte> registers, ulong hash)
    {
        ref var register = ref registers[(int)(hash >> Rest)];
        register = Math.Max(register, (byte)(Math.Min(BitOperations.LeadingZeroCount(hash << Bits), Rest) + 1));
    }

    /// <summary>What a thing does to a sketch: the register times 256, and the value that it gets there.</summary>
    /// <param name="hash">Its hash, all bits of which are alike.</param>
    public static uint MarkOf(ulong hash)
        => ((uint)(hash >> Rest) << 8) | (uint)(Math.Min(BitOperations.LeadingZeroCount(hash << Bits), Rest) + 1);

    /// <summary>Adds a thing by its mark, see <see cref="MarkOf"/>.</summary>
    public static void AddMark(Span<byte> registers, uint mark)
    {
        ref var register = ref registers[(int)(mark >> 8) & (Registers - 1)];
        register = Math.Max(register, (byte)mark);
    }

    /// <summary>Adds everything of another sketch.</summary>
    public static void Unite(Span<byte> registers, ReadOnlySpan<byte> others)
    {
        for (var i = 0; i < registers.Length; i++)
        {
            registers[i] = Math.Max(registers[i], others[i]);
        }
    }

    /// <summary>How many different things were added.</summary>
    public static double Estimate(ReadOnlySpan<byte> registers)
    {
        Span<int> counts = stackalloc int[Rest + 2];
        counts.Clear();
        foreach (var register in registers)
        {
            counts[Math.Min((int)register, Rest + 1)]++;
        }

        const double All = Registers;
        var sum = All * Tau(1 - (counts[Rest + 1] / All));
        for (var value = Rest; value >= 1; value--)
        {
            sum = 0.5 * (sum + counts[value]);
        }

        sum += All * Sigma(counts[0] / All);
        return All * All / (2 * Math.Log(2) * sum);
    }

    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }

        var (step, sum, before) = (1.0, x, double.NaN);
        while (sum != before)
        {
            (x, before) = (x * x, sum);
            sum += x * step;
            step += step;
        }

        return sum;
    }

    private static double Tau(double x)
    {
        if (x is <= 0 or >= 1)
        {
            return 0;
        }

        var (step, sum, before) = (1.0, 1 - x, double.NaN);
        while (sum != before)
        {
            (x, before, step) = (Math.Sqrt(x), sum, step / 2);
            sum -= (1 - x) * (1 - x) * step;
        }

        return sum / 3;
    }
}
