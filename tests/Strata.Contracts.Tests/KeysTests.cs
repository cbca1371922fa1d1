namespace Strata.Contracts.Tests;

/// <summary>Keys rest in Redis: a changed key is lost state.</summary>
[Trait("height", "unit")]
public sealed class KeysTests
{
    [Fact]
    public void Keys_Stay()
        => Assert.Equal(
            [
                "{u:ann}:profile",
                "{u:ann}:layers",
                "{u:ann}:policy",
                "item:i 1",
                "df:3",
                "embedding:e5:00000000000000ff",
                "position:featurizer:strata.events.v1:11",
            ],
            [
                Keys.Profile("ann"),
                Keys.UserLayers("ann"),
                Keys.UserPolicy("ann"),
                Keys.Item("i 1"),
                Keys.DocumentFrequencies(3),
                Keys.Embedding("e5", 255),
                Keys.Position("featurizer", Topics.Events, 11),
            ]);

    [Theory]
    [InlineData("ann")]
    [InlineData("a}b")]
    [InlineData("{x}")]
    [InlineData("}")]
    [InlineData("user:7:profile")]
    public void KeysOfAUser_LieOnOneShardAndDiffer(string userId)
    {
        string[] keys = [Keys.Profile(userId), Keys.UserLayers(userId), Keys.UserPolicy(userId)];

        Assert.Single(keys.Select(HashTag).Distinct());
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    /// <summary>What Redis Cluster hashes: the text between the first brace and the next closing one, when there is any.</summary>
    private static string HashTag(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = key.IndexOf('}', open + 1);
        return open < 0 || close <= open + 1 ? key : key[(open + 1)..close];
    }
}
