using Spectre.Console;
using Strata.Cli.Experiments;
using Strata.Contracts.Ranking.V1;

namespace Strata.Cli.Tests.Experiments;

[Trait("height", "unit")]
public sealed class ExperimentRowTests
{
    private static readonly ExperimentResult Result = new()
    {
        Name = "layers",
        Baseline = "control",
        Arms =
        {
            Arm("control", .2, null),
            Arm("bold", .25, new RateDifference { Value = .05, Low = .01, High = .09, Decided = true }),
            Arm("meek", .1, new RateDifference { Value = -.1, Low = -.14, High = -.06, Decided = true }),
            Arm("same", .21, new RateDifference { Value = .01, Low = -.03, High = .05 }),
            Arm("small", .9, null),
        },
    };

    [Fact]
    public void Of_Arms_SaysWhoDiffers()
    {
        var rows = ExperimentRow.Of(Result).ToList();

        Assert.Equal(
            ["+0.0500 (+0.0100 to +0.0900) better", "-0.1000 (-0.1400 to -0.0600) worse", "+0.0100 (-0.0300 to +0.0500) open",
                "too little yet"],
            rows.Skip(1).Select(row => row.ClickRate.Against));
        Assert.Equal([true, false, false, false, false], rows.Select(row => row.IsBaseline));
        Assert.Equal((null, DateTimeOffset.FromUnixTimeMilliseconds(5)), (rows[0].First, rows[0].Last));
    }

    [Fact]
    public void Print_Arms_AreATableAndNoneAreSaid()
    {
        var table = Printed([.. ExperimentRow.Of(Result)]);

        Assert.Contains("control (baseline)", table, StringComparison.Ordinal);
        Assert.Contains("0.2500", table, StringComparison.Ordinal);
        Assert.Contains("better", table, StringComparison.Ordinal);
        Assert.Contains("Ranking:Experiments", Printed([]), StringComparison.Ordinal);
    }

    private static string Printed(IReadOnlyList<ExperimentRow> rows)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 300;
        ExperimentRow.Print(console, rows);
        return text.ToString();
    }

    private static ArmResult Arm(string name, double rate, RateDifference? difference) => new()
    {
        Name = name,
        Share = .2,
        Users = 100,
        Slates = 1000,
        ClickRate = new ArmRate { Value = rate, Difference = difference },
        Ndcg = new ArmRate { Value = .5 },
        LastUnixMs = 5,
    };
}
