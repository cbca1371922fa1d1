using Strata.Numerics;

namespace Strata.Clustering.Catalogue.Core;

/// <summary>An item as seeding and naming see it.</summary>
/// <param name="Id">Item id.</param>
/// <param name="Vector">Raw embedding of its text.</param>
/// <param name="Title">Title.</param>
/// <param name="Terms">Stemmed terms with their frequency in the text.</param>
public sealed record CatalogueItem(string Id, Int8Vector Vector, string Title, IReadOnlyList<(string Term, float Frequency)> Terms);
