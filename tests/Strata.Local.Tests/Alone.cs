namespace Strata.Local.Tests;

/// <summary>Tests that read what the whole process holds, while no other test runs in it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
