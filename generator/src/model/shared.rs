//! Types that several APIs share.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::TypeDef;

/// The types of an API, or of all APIs that are generated together.
#[derive(Debug, Default)]
pub(crate) struct Types(Arc<Vec<TypeDef>>);

impl Types {
    /// Returns the same types for another API; they don't change any more.
    pub(crate) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Deref for Types {
    type Target = Vec<TypeDef>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Types {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::get_mut(&mut self.0).expect("types change only before they are shared")
    }
}

impl<'a> IntoIterator for &'a Types {
    type Item = &'a TypeDef;
    type IntoIter = std::slice::Iter<'a, TypeDef>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a mut Types {
    type Item = &'a mut TypeDef;
    type IntoIter = std::slice::IterMut<'a, TypeDef>;

    fn into_iter(self) -> Self::IntoIter {
        self.deref_mut().iter_mut()
    }
}
