using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Learning.Core;

namespace Strata.Optimizer.Tests.Learning;

[Trait("height", "unit")]
public sealed class CohortCountsTests
{
    [Fact]
    public void Learn_OrganicPositives_AreCountedByCohortAndLayer()
    {
        var random = new Random(2);
        var learner = new PolicyLearner(new LearningOptions());
        learner.Learn(Chosen(random, layer: 7, bucket: 3, "gender=f", "region=east"));
        learner.Learn(Chosen(random, layer: 7, bucket: 3, "gender=f"));
        learner.Learn(Chosen(random, layer: 9, bucket: 250));

        var policy = learner.Publish();

        Assert.Equal(["", "gender=f", "region=east"], policy.Cohorts.Select(cohort => cohort.Name));
        Assert.Equal([(7u, 2.0), (9u, 1.0)], Of(policy, ""));
        Assert.Equal([(7u, 2.0)], Of(policy, "gender=f"));
        Assert.Equal([1, 1], [BitsOf(policy, "gender=f"), BitsOf(policy, "region=east")]);
        Assert.Equal(2, BitsOf(policy, ""));
    }

    [Fact]
    public void Learn_FromThePublishedPolicy_GoesOnToTheSameBytes()
    {
        var random = new Random(2);
        var examples = Enumerable.Range(0, 200)
            .Select(n => Chosen(random, (uint)random.Next(0, 9), (uint)random.Next(256), $"region={random.Next(5)}")).ToList();
        var one = new CohortCounts();
        var (first, whole, resumed) = (new Policy(), new Policy(), new Policy());
        examples.Take(90).ToList().ForEach(one.Count);
        one.WriteTo(first);
        var other = CohortCounts.From(Policy.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(first)));

        foreach (var example in examples.Skip(90))
        {
            one.Count(example);
            other.Count(example);
        }

        one.WriteTo(whole);
        other.WriteTo(resumed);
        Assert.Equal(whole, resumed);
        Assert.Equal(6, whole.Cohorts.Count);
    }

    [Fact]
    public void Count_MoreSegmentsThanAreKept_KeepsTheNewestAndTakesNoRoomFromAttributes()
    {
        var random = new Random(2);
        var counts = new CohortCounts();
        counts.Count(Chosen(random, 1, 1, "region=east"));
        for (var id = 1; id <= 100; id++)
        {
            counts.Count(Chosen(random, 1, 1, $"segment={id}"));
        }

        counts.Count(Chosen(random, 1, 1, "segment=5", "gender=f"));
        var policy = new Policy();
        counts.WriteTo(policy);

        Assert.Equal(
            Enumerable.Range(37, CohortCounts.MostSegments).Select(id => $"segment={id}").Order(StringComparer.Ordinal),
            policy.Cohorts.Select(cohort => cohort.Name).Where(name => name.StartsWith("segment=", StringComparison.Ordinal)));
        Assert.Contains(policy.Cohorts, cohort => cohort.Name == "region=east");
        Assert.Contains(policy.Cohorts, cohort => cohort.Name == "gender=f");
    }

    [Fact]
    public void Count_MoreCohortsThanAreKept_LeavesLaterOnesOut()
    {
        var random = new Random(2);
        var counts = new CohortCounts();
        for (var n = 0; n < 100; n++)
        {
            counts.Count(Chosen(random, 1, 1, $"region={n:00}"));
        }

        var policy = new Policy();
        counts.WriteTo(policy);
        Assert.Equal(CohortCounts.Most + 1, policy.Cohorts.Count);
        Assert.Equal(100, Of(policy, "")[0].Chosen);
    }

    [Fact]
    public void Count_VeryMany_IsHalvedTogether()
    {
        var random = new Random(2);
        var counts = new CohortCounts();
        var (common, rare) = (Chosen(random, 1, 1, "gender=f"), Chosen(random, 2, 2, "gender=m"));
        for (var n = 0; n < 50_000; n++)
        {
            counts.Count(n % 4 == 0 ? rare : common);
        }

        var policy = new Policy();
        counts.WriteTo(policy);
        Assert.Equal([(1u, 18_750.0), (2u, 6_250.0)], Of(policy, ""));
        Assert.Equal([(1u, 18_750.0)], Of(policy, "gender=f"));
    }

    private static TrainingExample Chosen(Random random, uint layer, uint bucket, params string[] cohorts)
    {
        var example = Examples.Shadow(random, 1);
        (example.LayerId, example.UserBucket) = (layer, bucket);
        example.Cohorts.AddRange(cohorts);
        return example;
    }

    private static (uint Layer, double Chosen)[] Of(Policy policy, string name)
        => [.. policy.Cohorts.Single(cohort => cohort.Name == name).Layers.Select(layer => (layer.LayerId, layer.Chosen))];

    private static int BitsOf(Policy policy, string name)
        => policy.Cohorts.Single(cohort => cohort.Name == name).Users.Sum(bits => int.PopCount(bits));
}
