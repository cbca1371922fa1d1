using Strata.Chaos.Promises;
using Strata.Chaos.Stack;

namespace Strata.Chaos.Tests;

[Trait("height", "unit")]
public sealed class CampaignPiecesTests : IDisposable
{
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("strata-pieces-");
    private readonly List<CampaignOptions> _run = [];

    public void Dispose() => _work.Delete(recursive: true);

    [Fact]
    public async Task Run_PiecesThatEndEarly_DoesTheRestWithTheNextSeeds()
    {
        var reports = await RunAsync(faults: 10, (4, 0), (4, 1), (2, 0));

        Assert.Equal([(10, 7), (6, 8), (2, 9)], _run.Select(options => (options.Faults, options.Seed)));
        Assert.Equal(3, reports.Count);
        Assert.Equal(["seed-8"], _work.EnumerateDirectories().Select(folder => folder.Name));
    }

    [Fact]
    public async Task Run_PieceWithoutAnyFault_IsTheLast() => Assert.Equal(2, (await RunAsync(faults: 10, (4, 0), (0, 0), (6, 0))).Count);

    private async Task<List<CampaignReport>> RunAsync(int faults, params (int Faults, int Violations)[] pieces)
        => await CampaignPieces.RunAsync(
            new CampaignOptions { Faults = faults, Seed = 7, Kafka = "", Work = _work.FullName },
            keep: false,
            options =>
            {
                Directory.CreateDirectory(options.Work);
                var (done, violations) = pieces[_run.Count];
                _run.Add(options);
                return Task.FromResult(Report(options, done, violations));
            }).ToListAsync(TestContext.Current.CancellationToken);

    private static CampaignReport Report(CampaignOptions options, int faults, int violations) => new()
    {
        Seed = options.Seed,
        Began = DateTimeOffset.UnixEpoch,
        Seconds = 1,
        Instances = 1,
        Nodes = 1,
        Primaries = 0,
        Events = 1,
        Retries = 0,
        Lost = 0,
        SlatesAsked = 1,
        SlatesAnswered = 1,
        SlatesDegraded = 0,
        LayerSetVersion = 1,
        Faults = [.. Enumerable.Range(1, faults).Select(number => new FaultOutcome(number, "fault", 1, 1))],
        Violations = [.. Enumerable.Range(0, violations).Select(number => new Violation(number, "fault", "broken"))],
    };
}
