using Strata.Chaos.Stack;

namespace Strata.Chaos;

/// <summary>A campaign of any number of faults in pieces, each with a seed, a system and a comparison of its own.</summary>
internal static class CampaignPieces
{
    /// <summary>Runs pieces until all faults were done; the first has the seed of the options, each further one the next.</summary>
    /// <param name="options">All faults; a piece's folder lies in the folder of all, and stays where a promise was broken.</param>
    /// <param name="keep">Whether all folders stay.</param>
    /// <param name="run">Runs one piece.</param>
    public static async IAsyncEnumerable<CampaignReport> RunAsync(
        CampaignOptions options, bool keep, Func<CampaignOptions, Task<CampaignReport>> run)
    {
        for (var (left, seed) = (options.Faults, options.Seed); left > 0; seed++)
        {
            var work = new DirectoryInfo(Path.Combine(options.Work, $"seed-{seed}"));
            var report = await run(options with { Faults = left, Seed = seed, Work = work.FullName });
            if (!keep && report.Violations.Count == 0 && work.Exists)
            {
                work.Delete(recursive: true);
            }

            yield return report;
            if (report.Faults.Count == 0)
            {
                yield break; // a piece in whose time no fault has room
            }

            left -= report.Faults.Count;
        }
    }
}
