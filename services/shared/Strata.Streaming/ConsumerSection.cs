namespace Strata.Streaming;

/// <summary>Where a consumer or table of this host has its own settings.</summary>
/// <param name="Name">Its group, or the name of the table.</param>
public sealed record ConsumerSection(string Name)
{
    /// <summary>Section of all of them.</summary>
    public const string Parent = "Streaming:Consumers";

    /// <summary>Its own section.</summary>
    public string Path => $"{Parent}:{Name}";
}
