namespace Strata.Edge.Consents;

/// <summary>What a user allows who has said nothing.</summary>
public sealed class ConsentOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Consent";

    /// <summary>What they do is kept.</summary>
    /// <value>The default is true.</value>
    public bool Store { get; set; } = true;

    /// <summary>Their slates are their own.</summary>
    /// <value>The default is true.</value>
    public bool Personalise { get; set; } = true;
}
