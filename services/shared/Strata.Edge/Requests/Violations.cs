namespace Strata.Edge.Requests;

/// <summary>Gathers what is wrong with a request, so that the caller learns all of it at once.</summary>
public sealed class Violations
{
    private readonly List<FieldViolation> _found = [];

    /// <summary>What was found, in the order of the checks.</summary>
    public IReadOnlyList<FieldViolation> Found => _found;

    /// <summary>True while nothing was found.</summary>
    public bool None => _found.Count == 0;

    /// <summary>Adds a violation; see <see cref="FieldViolation"/> for the wording.</summary>
    public void Add(string field, string description) => _found.Add(new FieldViolation(field, description));

    /// <summary>Adds a violation unless <paramref name="holds"/>.</summary>
    public void Require(bool holds, string field, string description)
    {
        if (!holds)
        {
            Add(field, description);
        }
    }

    /// <summary>Ends the call with INVALID_ARGUMENT when something was found.</summary>
    public void Throw()
    {
        if (!None)
        {
            throw new InvalidRequestException(_found);
        }
    }
}
