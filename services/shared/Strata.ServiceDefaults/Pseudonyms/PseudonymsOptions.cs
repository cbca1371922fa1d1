namespace Strata.ServiceDefaults.Pseudonyms;

/// <summary>By which names users stand on topics and in the store.</summary>
public sealed class PseudonymsOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Pseudonyms";

    /// <summary>
    /// File of secret keys, a line each: a name of letters, digits, '-' and '_', a blank, and at least 32 bytes in base64; the newest on
    /// top, and none may ever go. Read again when it changes. The same for Ingestion and Ranking; no other service knows an id. Empty: ids
    /// stand as they are sent.
    /// </summary>
    /// <value>The default is empty.</value>
    public string KeysFile { get; set; } = string.Empty;

    /// <summary>Before the oldest key ids stood as they were sent: what is held under them is read, and forgotten, too.</summary>
    /// <value>The default is false.</value>
    public bool FromPlain { get; set; }
}
