using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Settings.Core;

/// <summary>
/// What the annotations of options say about their values, by whole keys: a generated validator names the class, not the section.
/// </summary>
internal static class SettingBounds
{
    /// <summary>The faults of <paramref name="options"/>, which stand under <paramref name="section"/>.</summary>
    public static IEnumerable<SettingFault> FaultsIn(object options, string section)
    {
        var usual = Activator.CreateInstance(options.GetType());
        foreach (var property in options.GetType().GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0))
        {
            var (key, value) = ($"{section}:{property.Name}", property.GetValue(options));
            var context = new ValidationContext(options) { DisplayName = key, MemberName = property.Name };
            foreach (var rule in property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>())
            {
                if (rule.GetValidationResult(value, context) is { } broken)
                {
                    yield return new(
                        key,
                        $"{key} = {SecretText.Of(key, KnownSettings.TextOf(value))}: {Words(rule, broken)}",
                        KnownSettings.TextOf(property.GetValue(usual)));
                }
            }

            if (value is not null && property.IsDefined(typeof(ValidateObjectMembersAttribute), inherit: true))
            {
                foreach (var fault in FaultsIn(value, key))
                {
                    yield return fault;
                }
            }
        }

        if (options is IValidatableObject own)
        {
            foreach (var broken in own.Validate(new ValidationContext(options)))
            {
                yield return new($"{section}:{broken.MemberNames.FirstOrDefault()}", $"{section}: {broken.ErrorMessage}");
            }
        }
    }

    private static string Words(ValidationAttribute rule, ValidationResult broken) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"from {range.Minimum} to {range.Maximum}"),
        EnumDataTypeAttribute names => $"one of {string.Join(", ", Enum.GetNames(names.EnumType))}",
        RequiredAttribute => "it must not be empty",
        _ => broken.ErrorMessage ?? rule.GetType().Name,
    };
}
