using System.CommandLine;

namespace Strata.Cli.Frame;

internal static class AddressOption
{
    /// <summary>Makes one; what is no absolute http or https address is refused with the option's name.</summary>
    public static Option<Uri> Create(string name, string description, string standard) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => new Uri(standard),
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError($"{name}: '{text}' is no address. Write it as {standard}.");
            return null;
        },
    };
}
