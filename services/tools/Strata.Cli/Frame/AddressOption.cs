using System.CommandLine;
using System.CommandLine.Parsing;

namespace Strata.Cli.Frame;

internal static class AddressOption
{
    /// <summary>Makes one; what is no absolute http or https address is refused with the option's name.</summary>
    public static Option<Uri> Create(string name, string description, string standard) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => new Uri(standard),
        CustomParser = result => Parse(result, name, result.Tokens[^1].Value, standard),
    };

    /// <summary>Makes one that may be given again; by default there is no address.</summary>
    public static Option<Uri[]> CreateMany(string name, string description, string standard) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.Select(token => Parse(result, name, token.Value, standard)).OfType<Uri>()],
    };

    private static Uri? Parse(ArgumentResult result, string name, string text, string standard)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        result.AddError($"{name}: '{text}' is no address. Write it as {standard}.");
        return null;
    }
}
