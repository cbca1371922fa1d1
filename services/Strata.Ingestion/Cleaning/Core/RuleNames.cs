namespace Strata.Ingestion.Cleaning.Core;

/// <summary>Names of the rules that every event passes, in their order: in answers, metrics and the handbook.</summary>
internal static class RuleNames
{
    /// <summary>Texts in one form, without what cannot be seen.</summary>
    public const string Unicode = "unicode";

    /// <summary>Ids, kinds and texts as the contract asks. Refuses only, and cannot be switched off.</summary>
    public const string Fields = "fields";

    /// <summary>Nothing happens after its receipt.</summary>
    public const string Times = "times";

    /// <summary>What is missing and has a stated value.</summary>
    public const string Defaults = "defaults";

    /// <summary>Amounts within their limits.</summary>
    public const string Numbers = "numbers";

    /// <summary>Which language a text is in, and whether it is taken.</summary>
    public const string Languages = "languages";

    /// <summary>What one user may send in a time. Refuses only; its switch is Rates:UserEventsPerSecond.</summary>
    public const string Rates = "rates";

    /// <summary>Items that were never put. Refuses only; its switch is Ingestion:UnknownItems.</summary>
    public const string Catalogue = "catalogue";

    /// <summary>What looks like a robot's: set aside.</summary>
    public const string Bots = "bots";

    /// <summary>The same act again within a moment: taken once.</summary>
    public const string Repeats = "repeats";
}
