using Strata.Numerics;

namespace Strata.Clustering.Catalogue.Core;

/// <summary>An item as seeding and naming see it.</summary>
/// <param name="Vector">Raw embedding of its text.</param>
/// <param name="Terms">Stemmed terms with their frequency in the text.</param>
public sealed record CatalogueItem(string Id, Int8Vector Vector, string Title, IReadOnlyList<(string Term, float Frequency)> Terms);
