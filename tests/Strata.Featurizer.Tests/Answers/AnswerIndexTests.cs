using Strata.Contracts.Common.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Embeddings.Core;
using Strata.Numerics;

namespace Strata.Featurizer.Tests.Answers;

[Trait("height", "unit")]
public sealed class AnswerIndexTests
{
    private static readonly PlainMeans NoMean = new([0, 0, 0, 0], [0, 0, 0, 0]);

    [Fact]
    public void Answer_TwoTopics_LiesAmongTheItemsOfTheQuerysOwn()
    {
        var index = Filled();

        var answer = index.Answer(Of(.9f, .1f, 0, 0), NoMean);

        Assert.NotNull(answer);
        Assert.True(Cosine(answer.Point, Of(1, .2f, 0, 0)) > .99);
    }

    [Fact]
    public void Answer_NamesTheNearestItem()
    {
        var index = Filled();
        index.Put("best", Of(.9f, .1f, 0, 0));
        index.Publish();

        Assert.Equal("best", index.Answer(Of(.9f, .1f, 0, 0), NoMean)?.ItemId);
    }

    [Fact]
    public void Answer_NothingNear_IsNone() => Assert.Null(Filled().Answer(Of(0, 0, 0, 1), NoMean));

    [Fact]
    public void Answer_NoItems_IsNone() => Assert.Null(new AnswerIndex(new AnswersOptions()).Answer(Of(1, 0, 0, 0), NoMean));

    [Fact]
    public void Answer_OneItem_AnswersWhatIsNearOnly()
    {
        var index = new AnswerIndex(new AnswersOptions());
        index.Put("only", Of(1, .2f, 0, 0));
        index.Publish();

        Assert.NotNull(index.Answer(Of(.9f, .1f, 0, 0), NoMean));
        Assert.Null(index.Answer(Of(0, 0, 1, 0), NoMean));
    }

    [Fact]
    public void Answer_OtherDimensions_IsNone() => Assert.Null(Filled().Answer(Of(1, 0), new PlainMeans([0, 0], [0, 0])));

    [Fact]
    public void Remove_AllOfATopic_LeavesTheQueryWithoutAnswer()
    {
        var index = Filled();

        for (var i = 0; i < 40; i++)
        {
            index.Remove($"a{i}");
        }

        index.Publish();

        Assert.Equal(40, index.Count);
        Assert.Null(index.Answer(Of(1, -.2f, 0, 0), NoMean));
    }

    [Fact]
    public void Put_ItemsMoveToAnotherTopic_AnswersFollow()
    {
        var index = Filled();

        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 40; i++)
            {
                index.Put($"a{i}", Of(0, .2f, round % 2, 1 - (round % 2)));
            }

            index.Publish();
        }

        Assert.Equal(80, index.Count);
        Assert.True(Cosine(index.Answer(Of(0, 0, 0, 1), NoMean)!.Point, Of(0, .2f, 0, 1)) > .99);
    }

    [Fact]
    public void Answer_ItemsInAnyOrderAndWithDetours_IsTheSame()
    {
        var random = new Random(1);
        var items = Enumerable.Range(0, 300)
            .Select(i => ($"i{i}", Of([.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - .3f)]))).ToArray();
        var queries = new PlainMeans(new float[16], new float[16]);
        var query = items[7].Item2;
        var expected = Fill(items).Answer(query, queries);

        for (var run = 0; run < 5; run++)
        {
            random.Shuffle(items);
            var index = Fill([.. items.Select(item => (item.Item1, items[0].Item2)), ("gone", items[1].Item2), .. items], 1 + run);
            index.Remove("gone");
            index.Publish();

            Assert.Equal(expected, index.Answer(query, queries));
        }
    }

    private static AnswerIndex Fill((string Id, Vector Vector)[] items, int publishEvery = 1000)
    {
        var index = new AnswerIndex(new AnswersOptions());
        for (var i = 0; i < items.Length; i++)
        {
            index.Put(items[i].Id, items[i].Vector);
            if (i % publishEvery == 0)
            {
                index.Publish();
            }
        }

        index.Publish();
        return index;
    }

    /// <summary>Forty items in each of two topics.</summary>
    private static AnswerIndex Filled()
    {
        var index = new AnswerIndex(new AnswersOptions());
        for (var i = 0; i < 40; i++)
        {
            index.Put($"a{i}", Of(1, .2f, .001f * i, 0));
            index.Put($"b{i}", Of(0, .2f, 1, .001f * i));
        }

        index.Publish();
        return index;
    }

    private static Vector Of(params float[] components) => Vectors.ToVector(components);

    private static double Cosine(Vector a, Vector b)
    {
        var (x, y) = (new float[a.Codes.Length], new float[b.Codes.Length]);
        new Int8Vector(a.Codes.Memory, a.Scale).Decode(x);
        new Int8Vector(b.Codes.Memory, b.Scale).Decode(y);
        return VectorMath.Dot(x, y) / Math.Sqrt(VectorMath.Dot(x, x) * VectorMath.Dot(y, y));
    }
}
