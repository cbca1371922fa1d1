namespace Strata.Local.Sample;

/// <summary>One product of the sample shop.</summary>
/// <param name="ItemId">Short id, unique in the catalogue: RUN-014.</param>
/// <param name="Topic">What the simulator takes for the truth: trail-running. Never shown to the system under test.</param>
/// <param name="Title">Unique in the catalogue.</param>
/// <param name="Description">One sentence, in the language of the title.</param>
/// <param name="Shelf">The part of the topic it stands in: shoes. Part of the truth, like the topic.</param>
internal sealed record SampleItem(string ItemId, string Topic, string Title, string Description, string Shelf);

/// <summary>What a person types who looks for something of a shelf.</summary>
internal sealed record SampleQuery(string Topic, string Shelf, string Query);
