namespace Strata.Local.Sample;

/// <summary>Draws from a seeded <see cref="Random"/>, and seeds for parts that must not disturb one another.</summary>
internal static class Chance
{
    /// <summary>A generator of its own for a named part of the world: FNV-1a over the seed and the names, finished as MurmurHash3 does,
    /// since near seeds make near generators. Stable across processes and versions.</summary>
    public static Random For(int seed, params ReadOnlySpan<string> names)
    {
        var hash = (2166136261u ^ (uint)seed) * 16777619u;
        foreach (var name in names)
        {
            foreach (var letter in name)
            {
                hash = (hash ^ letter) * 16777619u;
            }

            hash = (hash ^ 0x1F) * 16777619u;
        }

        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return new Random((int)(hash ^ (hash >> 16)));
    }

    public static bool Happens(this Random random, double chance) => random.NextDouble() < chance;

    /// <summary>Exponential with that mean.</summary>
    public static TimeSpan After(this Random random, TimeSpan mean) => mean * -Math.Log(1 - random.NextDouble());

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>One of the choices, with a chance proportional to its weight; null where none has weight.</summary>
    public static int? Draw(this Random random, IReadOnlyList<int> choices, Func<int, double> weight)
    {
        var total = choices.Sum(weight);
        if (total <= 0)
        {
            return null;
        }

        var left = random.NextDouble() * total;
        int? drawn = null;
        foreach (var choice in choices)
        {
            var share = weight(choice);
            if (share <= 0)
            {
                continue;
            }

            drawn = choice;
            left -= share;
            if (left < 0)
            {
                break;
            }
        }

        return drawn;
    }
}
