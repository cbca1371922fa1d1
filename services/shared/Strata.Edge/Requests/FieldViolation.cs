namespace Strata.Edge.Requests;

/// <summary>A field of a request that cannot be taken.</summary>
/// <param name="Field">Path of the field, for example "event.user_id" or "items[3].title".</param>
/// <param name="Description">What is wrong, and what to do about it, as one sentence without the field's name.</param>
public readonly record struct FieldViolation(string Field, string Description)
{
    /// <inheritdoc />
    public override string ToString() => $"{Field}: {Description}";
}
