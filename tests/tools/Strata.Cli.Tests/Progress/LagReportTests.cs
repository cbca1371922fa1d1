using Strata.Cli.Progress;
using Strata.Contracts;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Tests.Progress;

[Trait("height", "unit")]
public sealed class LagReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);

    private static readonly GroupPosition[] Positions =
    [
        new("outcomes", 1, Topics.Events, 0, 10, 500, Now.AddSeconds(-110)),
        new("featurizer-events", 2, Topics.Events, 0, 100, 130, Now.AddSeconds(-40)),
        new("featurizer-events", 2, Topics.Events, 1, 100, 120, Now.AddSeconds(-7)),
        new("layer-reducer", 1, Topics.LayerDeltas, 0, 8, 9, null), // a mark of a transaction
    ];

    [Fact]
    public void Of_GroupsByTopic_TheLatestFirstAndWhatIsHeldBackApart()
    {
        var rows = LagReport.Of(Positions, Now, partitions: false);

        Assert.Equal(
            [
                new LagRow("featurizer-events", 2, Topics.Events, null, 50, 40, 0),
                new LagRow("layer-reducer", 1, Topics.LayerDeltas, null, 0, 0, 0),
                new LagRow("outcomes", 1, Topics.Events, null, 490, 110, 120),
            ],
            rows);
        Assert.Equal([40, 0, 0], rows.Select(row => row.Late));
    }

    [Fact]
    public void Of_Partitions_HasARowForEach()
        => Assert.Equal(
            [(0, 30L, 40.0), (1, 20L, 7.0)],
            LagReport.Of(Positions, Now, partitions: true).Where(row => row.Group == "featurizer-events")
                .Select(row => (row.Partition!.Value, row.Records, row.Seconds)));
}
