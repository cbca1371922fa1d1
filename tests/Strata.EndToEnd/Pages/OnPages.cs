namespace Strata.EndToEnd.Pages;

/// <summary>Tests that look at one running system through one browser.</summary>
[CollectionDefinition(Name)]
public sealed class OnPages : ICollectionFixture<PageSystem>
{
    public const string Name = "pages";
}
