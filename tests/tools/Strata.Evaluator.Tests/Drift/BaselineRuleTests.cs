using Strata.Evaluator.Drift;

namespace Strata.Evaluator.Tests.Drift;

/// <summary>
/// The other systems' rules against their own results: scikit-learn 1.2.1 on the points of <see cref="Points"/>, and what Spark's source
/// says.
/// </summary>
[Trait("height", "unit")]
public sealed class BaselineRuleTests
{
    private uint _state = 12345;

    [Fact]
    public void MiniBatchRule_ThreeBatches_GivesTheCentresOfScikitLearn()
    {
        // MiniBatchKMeans(3, init=init, n_init=1, batch_size=8, reassignment_ratio=0), partial_fit on each batch.
        float[] expected =
        [
            .61347895860672f, .3607412874698639f, .551866888999939f, .21727006137371063f, .405558317899704f, .6001986265182495f,
            .4973175823688507f, .6679755449295044f, .33373481035232544f, .09534551948308945f, .7412036657333374f, .10501178354024887f,
        ];
        var rule = new MiniBatchRule(3, 4, 0, new Random(1));
        var initial = Points(3);

        rule.Begin(Points(8), initial);
        rule.Learn(Points(8));
        rule.Learn(Points(8));

        Assert.Equal([7, 14, 3], rule.Counts);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], rule.Centres[i], 1e-5f);
        }
    }

    [Fact]
    public void MiniBatchRule_CentreWithoutPoints_IsPutOntoAPointWithTheLeastCount()
    {
        var rule = new MiniBatchRule(3, 4, .01, new Random(1));
        var initial = Points(3);
        Array.Fill(initial, 50, 8, 4);
        var batch = Points(8);

        rule.Begin(batch, initial);

        // scikit-learn's counts are the same; which point it is, is chance.
        Assert.Equal([1, 7, 1], rule.Counts);
        Assert.Equal(1, rule.Moves);
        Assert.Contains(Enumerable.Range(0, 8), i => rule.Centres[8..].SequenceEqual(batch.AsSpan(i * 4, 4)));
        Assert.Equal(.42531737f, rule.Centres[4], 1e-5f);
    }

    [Fact]
    public void SparkRule_TwoBatches_DecaysByBatchesAndWeighsByCounts()
    {
        var rule = new SparkRule(2, 1, .5, new Random(1));

        rule.Begin([0, 2, 10], [0, 9]);
        rule.Learn([3, 3, 3, 12]);

        // Weights 2 and 1, halved, then three and one more points: (1 · .5 · 2 + 9) / 4 and (10 · .5 + 12) / 1.5.
        Assert.Equal([4, 1.5], rule.Weights);
        Assert.Equal(10 / 4f, rule.Centres[0], 1e-6f);
        Assert.Equal(17 / 1.5f, rule.Centres[1], 1e-5f);
    }

    [Fact]
    public void SparkRule_SplitOfTheLargest_MovesNothingOnceRounded()
    {
        var rule = new SparkRule(2, 1, .5, new Random(1));

        rule.Begin([.5f, .75f], [.6f, 90]);

        // The fault that our layers must not have: both centres are the same number as floats.
        Assert.Equal(1, rule.Moves);
        Assert.Equal(rule.Centres[0], rule.Centres[1]);
    }

    private float[] Points(int count)
    {
        var points = new float[count * 4];
        for (var i = 0; i < points.Length; i++)
        {
            _state = (uint)(((_state * 1103515245UL) + 12345) % (1UL << 31));
            points[i] = (float)(_state / (double)(1UL << 31));
        }

        return points;
    }
}
