using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Numerics;

namespace Strata.Featurizer.Tests.Answers;

/// <summary>A catalogue so large, beside what a query is compared with, that only some lists are read.</summary>
[Trait("height", "unit")]
public sealed class AnswerListsTests
{
    private static readonly AnswersOptions Few = new() { Compared = 150, LeastCosine = -1 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Answer_AfterAnyHistory_IsThatOfTheSameItemsAtOnce(int seed)
    {
        var (source, random) = (new ClusteredItems(seed), new Random(seed));
        var items = new Dictionary<string, Vector>();
        var lived = new AnswerIndex(Few);
        for (var step = 0; step < 6_000; step++)
        {
            var id = $"i{random.Next(2_500)}";
            switch (random.Next(step < 3_000 ? 8 : 3))
            {
                case 0:
                    items.Remove(id);
                    lived.Remove(id);
                    break;
                case 1 when items.TryGetValue(id, out var same):
                    lived.Put(id, same.Clone());
                    break;
                default:
                    lived.Put(id, items[id] = source.Item());
                    break;
            }

            if (random.Next(1 + (step % 200)) == 0)
            {
                lived.Publish();
            }
        }

        lived.Publish();
        (string Id, Vector Vector)[] rest = [.. items.Select(item => (item.Key, item.Value))];
        random.Shuffle(rest);
        var fresh = Fresh(Few, rest);

        Assert.Equal(items.Count, lived.Count);
        Assert.Equal(items.Count, fresh.Count);
        for (var query = 0; query < 200; query++)
        {
            var asked = source.Query();
            var (expected, answer) = (fresh.Answer(asked, ClusteredItems.Plain), lived.Answer(asked, ClusteredItems.Plain));
            Assert.Equal(expected, answer);
        }
    }

    [Fact]
    public void Answer_OfTheNearestLists_PointsWhereThatOfAllItemsDoes()
    {
        var source = new ClusteredItems(5);
        (string Id, Vector Vector)[] items = [.. Enumerable.Range(0, 6_000).Select(i => ($"i{i}", source.Item()))];
        var lists = Fresh(new AnswersOptions { Compared = 600, LeastCosine = -1 }, items);
        var whole = Fresh(new AnswersOptions { Compared = items.Length, LeastCosine = -1 }, items);

        double[] cosines =
        [
            .. Enumerable.Range(0, 200).Select(_ => source.Query()).Select(query => Cosine(
                lists.Answer(query, ClusteredItems.Plain)!.Point, whole.Answer(query, ClusteredItems.Plain)!.Point)).Order(),
        ];

        Assert.InRange(cosines.Average(), .998, .999999);
        Assert.True(cosines[2] > .985, $"1st percentile {cosines[2]}");
    }

    [Fact]
    public void Answer_OfAllItems_IsTheMeanOfTheNearestByFloats()
    {
        var source = new ClusteredItems(6);
        (string Id, Vector Vector)[] items = [.. Enumerable.Range(0, 700).Select(i => ($"i{i}", source.Item()))];
        var options = new AnswersOptions();
        var index = Fresh(options, items);

        for (var i = 0; i < 50; i++)
        {
            var query = source.Query();
            var direction = Centred(query, ClusteredItems.Plain.Queries);
            var nearest = items.Select(item => (
                    item.Vector, Cosine: VectorMath.Dot(direction, Centred(item.Vector, ClusteredItems.Plain.Items))))
                .OrderByDescending(item => item.Cosine).Take(options.Items).ToArray();
            var mean = new float[ClusteredItems.Dimensions];
            foreach (var (vector, cosine) in nearest)
            {
                VectorMath.AddScaled(mean, Unit(vector), (float)Math.Exp((cosine - nearest[0].Cosine) / options.Temperature));
            }

            VectorMath.TryNormalize(mean);
            Assert.InRange(VectorMath.Dot(Unit(index.Answer(query, ClusteredItems.Plain)!.Point), mean), .9999f, 1.0001f);
        }
    }

    [Fact]
    public void Prepare_ManyItemsOfOneText_SharesThemAmongLists()
    {
        var vector = new ClusteredItems(7).Item();
        var lists = new PivotLists(ClusteredItems.Dimensions);

        var change = lists.Prepare(
            Enumerable.Range(0, 4_000).ToDictionary(i => ItemKey.Of($"i{i}"), _ => (ReadOnlyMemory<byte>?)vector.Codes.Memory));

        Assert.Equal(64, change.Pivots.Lists.Length);
        Assert.InRange(change.Come.GroupBy(item => item.List).Max(list => list.Count()), 4_000 / 64, 4 * 4_000 / 64);
    }

    private static AnswerIndex Fresh(AnswersOptions options, (string Id, Vector Vector)[] items)
    {
        var index = new AnswerIndex(options);
        foreach (var (id, vector) in items)
        {
            index.Put(id, vector);
        }

        index.Publish();
        return index;
    }

    private static float[] Centred(Vector vector, float[] mean)
    {
        var unit = Unit(vector);
        VectorMath.TryCentre(unit, mean);
        return unit;
    }

    private static double Cosine(Vector a, Vector b) => VectorMath.Dot(Unit(a), Unit(b));

    private static float[] Unit(Vector vector)
    {
        var unit = new float[vector.Codes.Length];
        new Int8Vector(vector.Codes.Memory, vector.Scale).Decode(unit);
        VectorMath.TryNormalize(unit);
        return unit;
    }
}
