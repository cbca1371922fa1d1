using System.Diagnostics;
using Strata.Bench.Measuring;

namespace Strata.Bench.Tests.Measuring;

[Trait("height", "unit")]
public sealed class MeasuringTests
{
    [Fact]
    public void CpuSeconds_NameWithBracketsAndBlanks_ReadsTheFieldsAfterIt()
        => Assert.Equal(
            3.5, ProcessMeter.CpuSeconds("42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 5 0 300 50 0 0 20 0 8 0 100 1000 200 18446744"));

    [Theory]
    [InlineData("dotnet\0/app/Strata.Featurizer.dll\0", "Featurizer")]
    [InlineData("java\0-Xmx512m\0kafka.Kafka\0server.properties\0", "Kafka")]
    [InlineData("redis-server 127.0.0.1:6379\0", "Redis")]
    [InlineData("/bin/bash\0-c\0redis-server\0", null)]
    [InlineData("vi\0notes\0", null)]
    public void NameOf_CommandLine_IsWhatItRuns(string command, string? name) => Assert.Equal(name, ProcessMeter.NameOf(command));

    [Fact]
    public void Between_TwoReadings_IsWhatWasTakenMeanwhileByEach()
    {
        var before = new Dictionary<string, ProcessMeter.Reading> { ["Kafka"] = new(10, 400, 1000), ["gone"] = new(1, 1, 1) };
        var after = new Dictionary<string, ProcessMeter.Reading> { ["Kafka"] = new(12, 410, 5000), ["new"] = new(9, 9, 9) };

        var cost = Assert.Single(ProcessMeter.Between(before, after, seconds: 8, done: 1000));

        Assert.Equal(new ProcessCost("Kafka", 2, 2000, .25, 410, 4000), cost);
    }

    [Fact]
    public void Read_OwnProcess_HasUsedTimeAndMemory()
    {
        var reading = new ProcessMeter(new Dictionary<string, int> { ["own"] = Environment.ProcessId }).Read()["own"];

        Assert.True(reading.CpuSeconds > 0);
        Assert.InRange(reading.ResidentMiB, 10, 10_000);
    }

    [Fact]
    public void Milliseconds_OfLateAnswers_CountFromWhenTheyWereDue()
    {
        var tally = new Tally();
        for (var i = 1; i <= 100; i++)
        {
            tally.Answered(Stopwatch.GetTimestamp() - (Stopwatch.Frequency * i / 10)); // due .1 to 10 s ago
        }

        var times = tally.Milliseconds!;
        Assert.Equal(100, tally.Done);
        Assert.Equal(5_000, times.Median, 100.0);
        Assert.Equal(9_900, times.P99, 100.0);
        Assert.Equal(10_000, times.Max, 100.0);
    }

    [Theory]
    [InlineData(10, 10, 0, 0)]
    [InlineData(10, 9, 1, 0)] // the end of a transaction
    [InlineData(10, 4, 1, 5)]
    [InlineData(0, 0, 1, 0)]
    public void Behind_EndAndPosition_LeavesMarksOut(long end, long position, int marks, long behind)
        => Assert.Equal(behind, GroupLag.Behind(end, position, marks));

    [Theory]
    [InlineData("strata.events.v1-11", "strata.events.v1")]
    [InlineData("node-1", "node")]
    [InlineData("strata.events.v1", null)]
    public void TopicOf_FolderOfAPartition_IsItsTopic(string folder, string? topic) => Assert.Equal(topic, LogFolder.TopicOf(folder));

    [Fact]
    public void Between_TwoSizes_IsWhatEachTopicGrewByForEachEvent()
        => Assert.Equal(
            [new TopicCost("b", 400, 4), new TopicCost("a", 100, 1)],
            LogFolder.Between(
                new Dictionary<string, long> { ["a"] = 50, ["still"] = 7 },
                new Dictionary<string, long> { ["a"] = 150, ["b"] = 400, ["still"] = 7 },
                100));
}
