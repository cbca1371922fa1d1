using System.IO.Hashing;
using System.Text;

namespace Strata.Ranking.Serving.Arms;

/// <summary>
/// An experiment as the settings have it, its arms in the order of their names. Which arm a user falls in is a number of theirs in [0, 1):
/// XXH3 (64 bits) of the UTF-8 bytes of the salt, a line feed and their id, its upper 53 bits over 2⁵³. Arms lie one behind the other on
/// that line, as long as their shares; who lies behind the last one is in none. So every replica says the same, and another salt mixes
/// users anew.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Salt">What is hashed with users' ids.</param>
/// <param name="Baseline">Name of the arm that the others are compared with.</param>
/// <param name="Arms">The arms, by name.</param>
internal sealed record Experiment(string Name, string Salt, string Baseline, IReadOnlyList<ExperimentShare> Arms)
{
    /// <summary>Index of the arm that a user falls in; the number of arms: in none.</summary>
    public int ArmOf(string userId)
    {
        var hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{Salt}\n{userId}"));
        var place = (hash >> 11) * (1.0 / (1UL << 53));
        var (at, end) = (0, 0.0);
        while (at < Arms.Count && (end += Arms[at].Share) <= place)
        {
            at++;
        }

        return at;
    }
}

/// <summary>An arm.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Share">Which part of all users falls in it.</param>
/// <param name="Options">The options that it changes, by the names that they have under Ranking.</param>
internal sealed record ExperimentShare(string Name, double Share, IConfigurationSection Options);
