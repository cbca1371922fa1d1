namespace Strata.Local.Tests.Series;

[Trait("height", "unit")]
public sealed class SeriesSwitchesTests
{
    [Theory]
    [InlineData("--once")]
    [InlineData("--once --events 100")]
    [InlineData("--once --events 200000 --searches 0.9 --hostile 20000 --arrival 831")]
    [InlineData("--once --searches 0 --arrival 2 --arrival-pause 2.5")]
    [InlineData("--once --replace-at 13999")]
    [InlineData("--once --events 50000 --replace-at 25000")]
    public void Parse_SwitchesInTheirBounds_NoError(string line)
    {
        var parsed = LocalCommand.Create().Parse(line);

        Assert.Empty(parsed.Errors);
    }

    [Theory]
    [InlineData("--events 20000", "--events is for --once.")]
    [InlineData("--hostile 5 --no-shoppers", "--hostile is for --once.")]
    [InlineData("--once --events 99", "--events must lie from 100 to 1000000, and is 99.")]
    [InlineData("--once --events abc", "Cannot parse argument 'abc' for option '--events'")]
    [InlineData("--once --events abc --replace-at 5", "Cannot parse argument 'abc' for option '--events'")]
    [InlineData("--once --searches 0.96", "--searches must lie from 0 to 0.95, and is 0.96.")]
    [InlineData("--once --searches -0.1", "--searches must lie from 0 to 0.95, and is -0.1.")]
    [InlineData("--once --searches NaN", "--searches must lie from 0 to 0.95, and is NaN.")]
    [InlineData("--once --searches many", "Cannot parse argument 'many' for option '--searches'")]
    [InlineData("--once --hostile 0", "--hostile must lie from 1 to 1000000, and is 0.")]
    [InlineData("--once --arrival 832", "--arrival must lie from 1 to 831, and is 832.")]
    [InlineData("--once --arrival-pause 3", "--arrival-pause is for --arrival.")]
    [InlineData("--once --arrival 2 --arrival-pause -1", "--arrival-pause must lie from 0 to 600, and is -1.")]
    [InlineData("--once --replace-at 0", "--replace-at must lie from 1 to less than --events, 14000 here.")]
    [InlineData("--once --events 500 --replace-at 500", "--replace-at must lie from 1 to less than --events, 500 here.")]
    public void Parse_BadSwitch_SaysWhichAndWhatItMayBe(string line, string error)
    {
        var parsed = LocalCommand.Create().Parse(line);

        Assert.StartsWith(error, Assert.Single(parsed.Errors).Message, StringComparison.Ordinal);
    }
}
